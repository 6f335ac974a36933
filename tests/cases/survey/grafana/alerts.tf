resource "grafana_rule_group" "shop" {
  name = "shop"
  rule {
    name        = "Shop is down"
    labels      = { service = "shop", severity = "page" }
    annotations = { runbook_url = "https://wiki.example/shop" }
  }
  rule {
    name = var.name
  }
}

resource "aws_instance" "x" {}
