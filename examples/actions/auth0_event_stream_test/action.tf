# Needs Terraform 1.14. The stream is tested when it is created and when it changes, and at will by
# `terraform apply -invoke=action.auth0_event_stream_test.crm`.
action "auth0_event_stream_test" "crm" {
  config {
    event_stream_id = auth0_event_stream.crm.id
    event_type      = "user.created"
    wait            = "1m"
  }
}

resource "auth0_event_stream" "crm" {
  name             = "crm-sync"
  destination_type = "webhook"
  subscriptions    = ["user.created", "user.updated", "user.deleted"]

  webhook_configuration {
    webhook_endpoint = "https://hooks.example.com/auth0"

    webhook_authorization {
      method           = "bearer"
      token_wo         = var.crm_token
      token_wo_version = 1
    }
  }

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.auth0_event_stream_test.crm]
    }
  }
}

variable "crm_token" {
  type      = string
  ephemeral = true
}
