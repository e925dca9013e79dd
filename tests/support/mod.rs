//! What the tests share. Each test program uses a part of it.
#![allow(dead_code, unreachable_pub, reason = "no test program uses all of it")]

pub mod golden;
