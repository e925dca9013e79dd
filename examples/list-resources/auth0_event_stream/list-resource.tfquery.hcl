# terraform query
# terraform query -generate-config-out=streams.tf
list "auth0_event_stream" "webhooks" {
  provider = auth0

  config {
    destination_type = "webhook"
    subscribed_to    = "user.*"
  }
}
