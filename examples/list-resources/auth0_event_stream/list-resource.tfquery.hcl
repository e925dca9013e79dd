# terraform query
# terraform query -generate-config-out=streams.tf
list "auth0_event_stream" "webhooks" {
  provider = auth0
  limit    = 10000 # without it, Terraform shows 100 and does not say that there are more

  config {
    destination_type = "webhook"
    subscribed_to    = "user.*"
  }
}
