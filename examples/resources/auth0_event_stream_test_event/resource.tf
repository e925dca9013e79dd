# An event is sent when this is created, and another one whenever the stream has changed.
resource "auth0_event_stream_test_event" "crm" {
  event_stream_id = auth0_event_stream.crm.id
  event_type      = "user.created"
  data            = jsonencode({ object = { user_id = "auth0|65f0c0ffee0000000000a001" } })
  wait            = "1m"

  triggers = {
    updated_at = auth0_event_stream.crm.updated_at
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
}

variable "crm_token" {
  type      = string
  ephemeral = true
}

output "seen" {
  value = auth0_event_stream_test_event.crm.result
}
