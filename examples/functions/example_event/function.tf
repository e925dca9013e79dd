# The body of a request that a webhook gets, for a test of it.
output "body" {
  value = provider::auth0::example_event("user.created")
}

# auth0|65f0c0ffee0000000000a001
output "user_id" {
  value = jsondecode(provider::auth0::example_event("user.created")).data.object.user_id
}
