resource "datadog_monitor" "errors" {
  name    = "Basket errors"
  type    = "metric alert"
  query   = "sum:x"
  message = "Runbook: https://wiki.example/errors @pagerduty"
  tags    = ["service:basket"]
}
