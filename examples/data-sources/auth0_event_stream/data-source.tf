# By its name, which is unique in the tenant.
data "auth0_event_stream" "audit" {
  name = "audit-bus"
}

# By its id, for instance that of a resource: it is then read after the resource has been changed.
data "auth0_event_stream" "by_id" {
  id = data.auth0_event_stream.audit.id
}

# The source that has to be associated with an event bus, for a configuration of AWS that does not
# manage the stream.
output "partner_event_source" {
  value = data.auth0_event_stream.by_id.eventbridge_configuration[0].aws_partner_event_source
}
