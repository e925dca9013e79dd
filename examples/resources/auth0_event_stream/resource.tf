# To a webhook. The token is write-only: it is in no plan and in no state.
resource "auth0_event_stream" "crm" {
  name             = "crm-sync"
  destination_type = "webhook"
  subscriptions    = ["user.created", "user.updated", "user.deleted"]

  webhook_configuration {
    webhook_endpoint = "https://hooks.example.com/auth0"

    webhook_authorization {
      method           = "bearer"
      token_wo         = var.crm_token
      token_wo_version = 1 # raise it to send a new token
    }
  }
}

# To Amazon EventBridge. Changing the account or the region replaces the stream.
resource "auth0_event_stream" "audit" {
  name             = "audit-bus"
  destination_type = "eventbridge"
  subscriptions    = ["organization.member.added", "organization.member.deleted"]

  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }
}

# To an Auth0 Action of the trigger event-stream, which has to be deployed.
resource "auth0_event_stream" "enrich" {
  name             = "enrich"
  destination_type = "action"
  subscriptions    = ["user.created"]
  status           = "disabled"

  action_configuration {
    action_id = var.action_id
  }
}

variable "crm_token" {
  type      = string
  ephemeral = true
}

variable "action_id" {
  type = string
}

# Associate this source with an event bus in the AWS account.
output "partner_event_source" {
  value = auth0_event_stream.audit.eventbridge_configuration[0].aws_partner_event_source
}
