# A token for an API of yours, handed to the receiver of a webhook without being stored anywhere.
ephemeral "auth0_access_token" "hooks" {
  audience = "https://hooks.example.com/"
}

resource "auth0_event_stream" "crm" {
  name             = "crm-token"
  destination_type = "webhook"
  subscriptions    = ["user.created"]

  webhook_configuration {
    webhook_endpoint = "https://hooks.example.com/auth0"

    webhook_authorization {
      method           = "bearer"
      token_wo         = ephemeral.auth0_access_token.hooks.access_token
      token_wo_version = 1
    }
  }
}
