resource "aws_cloudwatch_metric_alarm" "whole" {
  alarm_name = "whole"
}
resource "aws_cloudwatch_metric_alarm" "cut" {
  alarm_name = "cut
