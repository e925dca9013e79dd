//! What lives for one run and is stored nowhere.

pub mod access_token;
