terraform {
  required_providers {
    auth0 = {
      source  = "auth0-eventing/auth0"
      version = "~> 1.0"
    }
  }
}

resource "auth0_event_stream" "audit" {
  name             = "audit"
  destination_type = "eventbridge"
  subscriptions    = ["user.created"]

  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }
}
