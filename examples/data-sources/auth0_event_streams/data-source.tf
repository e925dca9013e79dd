# Every event stream of the tenant.
data "auth0_event_streams" "all" {}

# Those that pass every filter: webhooks that are enabled and deliver events of users.
data "auth0_event_streams" "crm" {
  destination_type = "webhook"
  status           = "enabled"
  name_pattern     = "crm-*"
  subscribed_to    = "user.*"
}

output "endpoints" {
  value = {
    for stream in data.auth0_event_streams.crm.event_streams :
    stream.name => stream.webhook_configuration[0].webhook_endpoint
  }
}

output "disabled" {
  value = [for stream in data.auth0_event_streams.all.event_streams : stream.name if stream.status == "disabled"]
}
