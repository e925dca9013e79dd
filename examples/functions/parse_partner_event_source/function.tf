locals {
  source = provider::auth0::parse_partner_event_source(
    "aws.partner/auth0.com/acme-dev-0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11/auth0.events"
  )
}

# acme-dev
output "tenant" {
  value = local.source.tenant
}

# 0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11
output "id" {
  value = local.source.id
}
