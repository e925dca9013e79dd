# The types of events of organizations and all that is in them.
data "auth0_event_types" "organizations" {
  pattern = "organization.*"
}

resource "auth0_event_stream" "organizations" {
  name             = "organizations"
  destination_type = "eventbridge"
  subscriptions    = data.auth0_event_types.organizations.event_types[*].name

  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }
}
