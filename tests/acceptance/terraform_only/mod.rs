//! What Terraform has and OpenTofu has not: `make testacc TF_BIN=tofu` leaves these out.

mod action;
mod query;
