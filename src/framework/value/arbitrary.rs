//! Random types and values of them, for property tests.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Data, Number, Raw, Type, Typed, Value};

pub fn any_type() -> impl Strategy<Value = Type> {
    let leaf =
        prop_oneof![Just(Type::String), Just(Type::Number), Just(Type::Bool), Just(Type::Dynamic)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map("[a-z_]{1,6}", inner, 0..4).prop_map(Type::Object),
        ]
    })
}

fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?".prop_map(|text| text.parse().unwrap()),
        any::<f64>().prop_filter_map("NaN is no value", Number::from_f64),
    ]
}

/// A value of type `ty`; `unknown` says whether unknown values may be in it.
pub fn any_value(ty: &Type, unknown: bool) -> BoxedStrategy<Raw> {
    let known = any_data(ty, unknown).prop_map(Value::Known);
    if unknown {
        prop_oneof![1 => Just(Value::Null), 1 => Just(Value::Unknown), 6 => known].boxed()
    } else {
        prop_oneof![1 => Just(Value::Null), 6 => known].boxed()
    }
}

fn any_data(ty: &Type, unknown: bool) -> BoxedStrategy<Data> {
    match ty {
        Type::String => any::<String>().prop_map(Data::String).boxed(),
        Type::Number => any_number().prop_map(Data::Number).boxed(),
        Type::Bool => any::<bool>().prop_map(Data::Bool).boxed(),
        Type::List(element) => vec(any_value(element, unknown), 0..4).prop_map(Data::List).boxed(),
        Type::Set(element) => vec(any_value(element, unknown), 0..4).prop_map(Data::set).boxed(),
        Type::Map(element) => btree_map(any::<String>(), any_value(element, unknown), 0..4)
            .prop_map(Data::Map)
            .boxed(),
        Type::Tuple(types) => types
            .iter()
            .map(|ty| any_value(ty, unknown))
            .collect::<Vec<_>>()
            .prop_map(Data::List)
            .boxed(),
        Type::Object(types) => {
            let names: Vec<String> = types.keys().cloned().collect();
            types
                .values()
                .map(|ty| any_value(ty, unknown))
                .collect::<Vec<_>>()
                .prop_map(move |values| {
                    Data::Map(names.iter().cloned().zip(values).collect::<BTreeMap<_, _>>())
                })
                .boxed()
        }
        Type::Dynamic => prop_oneof![Just(Type::String), Just(Type::list(Type::Number))]
            .prop_flat_map(move |ty| {
                any_value(&ty, unknown)
                    .prop_map(move |value| Data::Dynamic(Box::new(Typed { ty: ty.clone(), value })))
            })
            .boxed(),
    }
}
