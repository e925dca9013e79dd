# Two ways out of a tenant: user events to the webhook of a CRM, and changes of
# organizations to Amazon EventBridge.

terraform {
  required_providers {
    auth0 = {
      source  = "auth0-eventing/auth0"
      version = "~> 1.0"
    }
  }
}

provider "auth0" {}

variable "crm_endpoint" {
  type    = string
  default = "https://crm.example.com/hooks/auth0"
}

# Ephemeral, so Terraform itself keeps it out of plan and state as well.
variable "crm_token" {
  type      = string
  ephemeral = true
}

variable "aws_region" {
  type    = string
  default = "eu-west-1"
}

resource "auth0_event_stream" "crm" {
  name             = "crm-sync"
  destination_type = "webhook"
  subscriptions    = ["user.created", "user.updated", "user.deleted"]

  webhook_configuration {
    webhook_endpoint = var.crm_endpoint

    webhook_authorization {
      method           = "bearer"
      token_wo         = var.crm_token
      token_wo_version = 1
    }
  }
}

resource "auth0_event_stream" "audit" {
  name             = "audit-bus"
  destination_type = "eventbridge"
  subscriptions    = ["organization.member.added", "organization.member.deleted"]

  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = var.aws_region
  }
}

output "partner_event_source" {
  description = "To be associated with an event bus in the AWS account."
  value       = auth0_event_stream.audit.eventbridge_configuration[0].aws_partner_event_source
}
