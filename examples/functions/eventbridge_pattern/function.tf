locals {
  event_types = provider::auth0::event_types("user.*")
}

resource "auth0_event_stream" "users" {
  name             = "users"
  destination_type = "eventbridge"
  subscriptions    = local.event_types

  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }
}

# The event_pattern of an aws_cloudwatch_event_rule on the bus of this stream, whose event_bus_name is
# auth0_event_stream.users.eventbridge_configuration[0].aws_partner_event_source.
output "event_pattern" {
  value = provider::auth0::eventbridge_pattern(local.event_types...)
}
