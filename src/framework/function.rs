//! What the author of a function writes.

use super::value::{Data, Raw, Type, Value};

/// A function of the provider: pure, so that equal arguments have equal results wherever and
/// whenever it is called. It knows neither the configuration of the provider nor the network.
pub trait Function: Send + Sync + 'static {
    /// Its name, behind `provider::auth0::`.
    fn name(&self) -> &'static str;

    /// What it takes and gives.
    fn signature(&self) -> Signature;

    /// The result, which is of the signature's type and known. The arguments are of the types of
    /// their parameters, neither null nor unknown themselves: core answers for those.
    fn call(&self, arguments: &Arguments) -> Result<Raw, FunctionError>;
}

/// What a function takes and gives, and what it is for.
#[derive(Clone)]
pub struct Signature {
    /// The arguments that are always given, in order.
    pub parameters: Vec<Parameter>,
    /// What may follow them, any number of times.
    pub variadic: Option<Parameter>,
    /// The type of the result.
    pub returns: Type,
    /// One line, in Markdown.
    pub summary: &'static str,
    /// Whole sentences, in Markdown.
    pub description: &'static str,
}

/// One parameter of a function.
#[derive(Clone)]
pub struct Parameter {
    /// Its name, for messages: arguments are given by position.
    pub name: &'static str,
    /// The type that core converts the argument to.
    pub ty: Type,
    /// Markdown.
    pub description: &'static str,
}

impl Signature {
    /// The parameter of argument `index`.
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }

    /// Every parameter, the variadic one last.
    pub fn all_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().chain(&self.variadic)
    }

    /// Every rule of core, and of ours, that this signature breaks; empty for a good one.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.summary.is_empty() || self.description.is_empty() {
            found.push("has no summary or no description".to_owned());
        }
        let names: Vec<_> = self.all_parameters().map(|parameter| parameter.name).collect();
        for (i, parameter) in self.all_parameters().enumerate() {
            let Parameter { name, description, .. } = parameter;
            if !is_identifier(name) {
                found.push(format!("{name}: is no name"));
            }
            if names[..i].contains(name) {
                found.push(format!("{name}: is the name of two parameters"));
            }
            if description.is_empty() {
                found.push(format!("{name}: has no description"));
            }
        }
        found
    }
}

/// What can stand as a name in Terraform's language, by our stricter rule.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The arguments of one call.
pub struct Arguments(Vec<Raw>);

impl Arguments {
    pub(super) fn new(values: Vec<Raw>) -> Self {
        Self(values)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of argument `index`, whose parameter is a string.
    pub fn text(&self, index: usize) -> Result<&str, FunctionError> {
        match self.0.get(index) {
            Some(Value::Known(Data::String(text))) => Ok(text),
            _ => Err(FunctionError::of(index, "it is not a known string")),
        }
    }

    /// The texts of all arguments, whose parameters are strings.
    pub fn texts(&self) -> Result<Vec<&str>, FunctionError> {
        (0..self.len()).map(|index| self.text(index)).collect()
    }
}

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// The end of core's sentence "Invalid value for "pattern" parameter: …", or "Call to function
    /// … failed: …": core sets the full stop.
    pub text: String,
    /// The argument that is at fault, counted from 0; None for the call as a whole.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// What is wrong with argument `index`.
    pub fn of(index: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(index) }
    }

    /// What is wrong with the call.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &'static str) -> Parameter {
        Parameter { name, ty: Type::String, description: "Text." }
    }

    #[test]
    fn what_core_refuses_in_a_signature_is_a_problem() {
        let good = Signature {
            parameters: vec![parameter("first")],
            variadic: Some(parameter("rest")),
            returns: Type::String,
            summary: "Summary.",
            description: "Description.",
        };
        assert_eq!(good.problems(), Vec::<String>::new());
        let twice = Signature { variadic: Some(parameter("first")), ..good.clone() };
        assert_eq!(twice.problems(), ["first: is the name of two parameters"]);
        let unnamed = Signature { parameters: vec![parameter("Not one")], ..good };
        assert_eq!(unnamed.problems(), ["Not one: is no name"]);
    }

    #[test]
    fn what_follows_the_parameters_is_of_the_variadic_one() {
        let signature = Signature {
            parameters: vec![parameter("first")],
            variadic: Some(parameter("rest")),
            returns: Type::String,
            summary: "",
            description: "",
        };
        let names: Vec<_> = (0..3).map(|i| signature.parameter(i).unwrap().name).collect();
        assert_eq!(names, ["first", "rest", "rest"]);
        let fixed = Signature { variadic: None, ..signature };
        assert!(fixed.parameter(1).is_none());
    }
}
