//! Whether a model is the schema as a struct. A field that is missing or misspelled would be found
//! by the first user otherwise, so a test runs this over every schema and its model.

use std::collections::BTreeMap;

use super::{Attribute, AttributeKind, Block, BlockNesting, Nesting, Schema};
use crate::framework::value::{Data, FromRaw, Model, Number, Raw, Type, Typed, Value};

/// What stands at an attribute of a sample.
#[derive(Clone, Copy)]
enum Sample {
    Known,
    Null,
    Unknown,
}

impl Schema {
    /// Where `M` lacks an attribute or block of this schema, has one too many, has another type, or
    /// cannot hold null or unknown; empty for a model that fits.
    pub fn misfits<M: Model>(&self) -> Vec<String> {
        use Sample::{Known, Null, Unknown};
        [(Known, Known), (Null, Known), (Unknown, Known), (Known, Null), (Known, Unknown)]
            .into_iter()
            .filter_map(|(plain, nested)| {
                let sample = Samples { plain, nested }.block(&self.block);
                M::from_raw(sample).err().map(|misfit| format!("in the model, {misfit}"))
            })
            .collect()
    }
}

/// Makes one object by a schema, in which every container has one element.
struct Samples {
    /// What plain attributes are.
    plain: Sample,
    /// What nested attributes and blocks are.
    nested: Sample,
}

impl Samples {
    fn block(&self, block: &Block) -> Raw {
        let attributes = self.attributes(&block.attributes);
        let blocks = block.blocks.iter().map(|(name, nested)| {
            let inner = self.block(&nested.block);
            let known = match nested.nesting {
                BlockNesting::Group => return (*name, inner), // never null or unknown
                BlockNesting::Single => match self.nested {
                    Sample::Null => return (*name, Value::Null),
                    Sample::Known | Sample::Unknown => return (*name, inner),
                },
                BlockNesting::List => Data::List(vec![inner]),
                BlockNesting::Set => Data::set(vec![inner]),
                BlockNesting::Map => Data::Map([("key".to_owned(), inner)].into()),
            };
            let value = match self.nested {
                Sample::Unknown => Value::Unknown,
                Sample::Known | Sample::Null => Value::Known(known), // absent blocks are empty
            };
            (*name, value)
        });
        Raw::map_of(attributes.chain(blocks))
    }

    fn attributes<'a>(
        &'a self,
        attributes: &'a BTreeMap<&'static str, Attribute>,
    ) -> impl Iterator<Item = (&'static str, Raw)> {
        attributes.iter().map(|(name, attribute)| (*name, self.attribute(attribute)))
    }

    fn attribute(&self, attribute: &Attribute) -> Raw {
        match &attribute.kind {
            AttributeKind::Plain(ty) => of(self.plain, || known(ty)),
            AttributeKind::Nested(nesting, attributes) => of(self.nested, || {
                let inner = Raw::map_of(self.attributes(attributes));
                match nesting {
                    Nesting::Single => inner,
                    Nesting::List => Value::Known(Data::List(vec![inner])),
                    Nesting::Set => Value::Known(Data::set(vec![inner])),
                    Nesting::Map => Raw::map_of([("key", inner)]),
                }
            }),
        }
    }
}

fn of(sample: Sample, known: impl FnOnce() -> Raw) -> Raw {
    match sample {
        Sample::Known => known(),
        Sample::Null => Value::Null,
        Sample::Unknown => Value::Unknown,
    }
}

fn known(ty: &Type) -> Raw {
    Value::Known(match ty {
        Type::String => Data::String(String::new()),
        Type::Number => Data::Number(Number::from(0_i64)),
        Type::Bool => Data::Bool(false),
        Type::Dynamic => {
            Data::Dynamic(Box::new(Typed { ty: Type::String, value: known(&Type::String) }))
        }
        Type::List(element) => Data::List(vec![known(element)]),
        Type::Set(element) => Data::set(vec![known(element)]),
        Type::Map(element) => Data::Map([("key".to_owned(), known(element))].into()),
        Type::Tuple(types) => Data::List(types.iter().map(known).collect()),
        Type::Object(types) => {
            Data::Map(types.iter().map(|(name, ty)| (name.clone(), known(ty))).collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::framework::value::{Number, Value};
    use crate::model;

    model! {
        struct Inner { pub size: Value<Number>, pub names: Value<Vec<Value<String>>> }
    }
    model! {
        struct Outer {
            pub one: Value<Inner>,
            pub many: Value<BTreeMap<String, Inner>>,
            pub group: Inner,
            pub list: Value<Vec<Inner>>,
            pub single: Value<Inner>,
        }
    }

    fn inner() -> [(&'static str, Attribute); 2] {
        [("size", number().optional()), ("names", set(Type::String).optional())]
    }

    fn outer() -> Block {
        Block::new([
            ("one", nested(Nesting::Single, inner()).optional()),
            ("many", nested(Nesting::Map, inner()).optional()),
        ])
        .block("group", NestedBlock::new(BlockNesting::Group, Block::new(inner())))
        .block("list", NestedBlock::new(BlockNesting::List, Block::new(inner())))
        .block("single", NestedBlock::new(BlockNesting::Single, Block::new(inner())))
    }

    fn misfit(block: Block) -> Option<String> {
        Schema::new(block).misfits::<Outer>().into_iter().next()
    }

    #[test]
    fn a_model_that_is_its_schema_fits() {
        assert_eq!(misfit(outer()), None);
    }

    #[test]
    fn each_difference_is_named() {
        let list = |block| NestedBlock::new(BlockNesting::List, Block::new(block));
        let [size, names] = inner();
        let more = [size.clone(), names.clone(), ("more", string().optional())];
        for (block, want) in [
            (outer().block("list", list(vec![size])), "in the model, list[0].names is missing"),
            (
                outer().block("list", list(more.to_vec())),
                "in the model, list[0].more is not in the model",
            ),
            (
                outer().block("list", list(vec![("size", string().optional()), names])),
                "in the model, list[0].size is not a number",
            ),
        ] {
            assert_eq!(misfit(block).as_deref(), Some(want));
        }
    }

    #[test]
    fn a_field_that_cannot_be_null_is_named() {
        model! {
            struct Narrow { pub one: Inner }
        }
        let one = nested(Nesting::Single, inner()).optional();
        let misfits = Schema::new(Block::new([("one", one)])).misfits::<Narrow>();
        assert_eq!(misfits, ["in the model, one is not a known object"; 2]);
    }
}
