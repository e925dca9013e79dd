//! The provider block and the environment, with a real core.
