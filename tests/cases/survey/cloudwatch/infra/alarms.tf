# an alarm
resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name        = "parcels-cpu-high"
  alarm_description = <<-EOT
    The processor is busy.
    See the runbook https://wiki.example/cpu
  EOT
  tags = {
    service = "parcels"
  }
}
