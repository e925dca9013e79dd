//! What Terraform has and OpenTofu has not: `scripts/run-tests.sh` leaves these out
//! where the program under test is OpenTofu.

mod action;
mod query;
mod released;
