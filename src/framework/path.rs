//! Where in a configuration or a state something is.

use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An attribute or a nested block, by name.
    Attribute(String),
    /// An element of a list or tuple, or a block of a list of blocks, counted from 0.
    Index(usize),
    /// An element of a map, or a block of a map of blocks.
    Key(String),
}

/// The way from the top of a block to one value in it. An empty path means the whole block.
///
/// A path to a block names its index too, otherwise core points at the resource's header.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// The path of the top-level attribute or block `name`.
pub fn path(name: &str) -> Path {
    Path::root().attribute(name)
}

impl Path {
    /// The whole block.
    pub fn root() -> Self {
        Self::default()
    }

    /// This path, one attribute or block deeper.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        self.with(Step::Attribute(name.to_owned()))
    }

    /// This path, at element `index`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// This path, at key `key`.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for Path {
    /// As HCL writes it: `webhook_configuration[0].webhook_endpoint`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if i == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_as_hcl_writes_it() {
        for (path, want) in [
            (Path::root(), ""),
            (path("name"), "name"),
            (
                path("webhook_configuration").index(0).attribute("webhook_endpoint"),
                "webhook_configuration[0].webhook_endpoint",
            ),
            (path("tags").key("a b"), "tags[\"a b\"]"),
        ] {
            assert_eq!(path.to_string(), want);
        }
    }
}
