# Every change of users, and whatever is deleted in organizations.
resource "auth0_event_stream" "sync" {
  name             = "sync"
  destination_type = "eventbridge"
  subscriptions    = provider::auth0::event_types("user.*", "organization.*.deleted")

  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }
}
