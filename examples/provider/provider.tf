terraform {
  required_providers {
    auth0 = {
      source  = "auth0-eventing/auth0"
      version = "~> 1.0"
    }
  }
}

# The domain and the credentials of a machine-to-machine application are best
# given by the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET.
provider "auth0" {}
