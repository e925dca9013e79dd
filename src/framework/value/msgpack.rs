//! The MessagePack form of values, written and read by their type.
//!
//! The bytes come from another process, so nothing here trusts a length, a depth or a text.

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::encode as write;

use super::error::ValueError;
use super::ty::MAX_DEPTH;
use super::{Data, Number, Raw, Type, Typed, Value};
use crate::framework::path::Step;

/// Core never sends a longer extension; refinements of unknown values end there.
const MAX_EXTENSION: usize = 1024;

/// Values with more parts than this are refused: a part of one byte takes some fifty in memory, and
/// bytes are let in by the hundred megabytes. States of real programs stay far below.
const MAX_PARTS: usize = 2 << 20;

/// Reads one value of type `ty`, which must be all there is in `bytes`.
///
/// Numbers keep every digit. Every extension is an unknown value: its refinements may be dropped.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Raw, ValueError> {
    let mut reader = Reader { rest: bytes, parts_left: MAX_PARTS };
    let value = reader.value(ty, 0)?;
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(ValueError::new("is followed by more bytes"))
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    parts_left: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ValueError> {
        let (taken, rest) =
            self.rest.split_at_checked(length).ok_or(ValueError::new("ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], ValueError> {
        let taken = self.take(N)?;
        Ok(taken.try_into().expect("take(N) gives N bytes"))
    }

    fn marker(&mut self) -> Result<Marker, ValueError> {
        Ok(Marker::from_u8(self.bytes::<1>()?[0]))
    }

    fn length8(&mut self) -> Result<usize, ValueError> {
        Ok(usize::from(self.bytes::<1>()?[0]))
    }

    fn length16(&mut self) -> Result<usize, ValueError> {
        Ok(usize::from(u16::from_be_bytes(self.bytes()?)))
    }

    fn length32(&mut self) -> Result<usize, ValueError> {
        usize::try_from(u32::from_be_bytes(self.bytes()?))
            .map_err(|_| ValueError::new("is too long"))
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Result<Raw, ValueError> {
        if depth > MAX_DEPTH {
            return Err(ValueError::new("is nested too deeply"));
        }
        self.parts_left =
            self.parts_left.checked_sub(1).ok_or(ValueError::new("has too many parts"))?;
        let marker = self.marker()?;
        if marker == Marker::Null {
            return Ok(Value::Null);
        }
        if let Some(length) = self.extension_length(marker)? {
            if length > MAX_EXTENSION {
                return Err(ValueError::new("has an extension that is too long"));
            }
            self.take(1 + length)?; // the extension's type, then its payload
            return Ok(Value::Unknown);
        }
        let data = match ty {
            Type::String => Data::String(self.text(marker)?.to_owned()),
            Type::Bool => match marker {
                Marker::True => Data::Bool(true),
                Marker::False => Data::Bool(false),
                _ => return Err(ValueError::new("is not a bool")),
            },
            Type::Number => Data::Number(self.number(marker)?),
            Type::List(element) => Data::List(self.elements(marker, element, depth)?),
            Type::Set(element) => Data::set(self.elements(marker, element, depth)?),
            Type::Map(element) => Data::Map(self.map(marker, element, depth)?),
            Type::Tuple(elements) => Data::List(self.tuple(marker, elements, depth)?),
            Type::Object(attributes) => Data::Map(self.object(marker, attributes, depth)?),
            Type::Dynamic => Data::Dynamic(Box::new(self.dynamic(marker, depth)?)),
        };
        Ok(Value::Known(data))
    }

    fn extension_length(&mut self, marker: Marker) -> Result<Option<usize>, ValueError> {
        Ok(Some(match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => self.length8()?,
            Marker::Ext16 => self.length16()?,
            Marker::Ext32 => self.length32()?,
            _ => return Ok(None),
        }))
    }

    /// A string; bytes are taken for one as well.
    fn text(&mut self, marker: Marker) -> Result<&'a str, ValueError> {
        let bytes = self.raw_bytes(marker)?.ok_or(ValueError::new("is not a string"))?;
        std::str::from_utf8(bytes).map_err(|_| ValueError::new("is not UTF-8"))
    }

    fn raw_bytes(&mut self, marker: Marker) -> Result<Option<&'a [u8]>, ValueError> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => self.length8()?,
            Marker::Str16 | Marker::Bin16 => self.length16()?,
            Marker::Str32 | Marker::Bin32 => self.length32()?,
            _ => return Ok(None),
        };
        self.take(length).map(Some)
    }

    fn number(&mut self, marker: Marker) -> Result<Number, ValueError> {
        let signed = match marker {
            Marker::FixPos(value) => i64::from(value),
            Marker::FixNeg(value) => i64::from(value),
            Marker::U8 => i64::from(self.bytes::<1>()?[0]),
            Marker::U16 => i64::from(u16::from_be_bytes(self.bytes()?)),
            Marker::U32 => i64::from(u32::from_be_bytes(self.bytes()?)),
            Marker::U64 => return Ok(Number::from(u64::from_be_bytes(self.bytes()?))),
            Marker::I8 => i64::from(i8::from_be_bytes(self.bytes()?)),
            Marker::I16 => i64::from(i16::from_be_bytes(self.bytes()?)),
            Marker::I32 => i64::from(i32::from_be_bytes(self.bytes()?)),
            Marker::I64 => i64::from_be_bytes(self.bytes()?),
            Marker::F32 => return float(f64::from(f32::from_be_bytes(self.bytes()?))),
            Marker::F64 => return float(f64::from_be_bytes(self.bytes()?)),
            _ => {
                let text = self.raw_bytes(marker)?.ok_or(ValueError::new("is not a number"))?;
                return std::str::from_utf8(text)
                    .ok()
                    .and_then(|text| text.parse().ok())
                    .ok_or(ValueError::new("is not a number"));
            }
        };
        Ok(Number::from(signed))
    }

    /// The length of an array, which cannot have more elements than there are bytes left.
    fn array_length(&mut self, marker: Marker) -> Result<usize, ValueError> {
        let length = match marker {
            Marker::FixArray(length) => usize::from(length),
            Marker::Array16 => self.length16()?,
            Marker::Array32 => self.length32()?,
            _ => return Err(ValueError::new("is not a list")),
        };
        if length > self.rest.len() { Err(ValueError::new("ends too early")) } else { Ok(length) }
    }

    fn map_length(&mut self, marker: Marker) -> Result<usize, ValueError> {
        let length = match marker {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => self.length16()?,
            Marker::Map32 => self.length32()?,
            _ => return Err(ValueError::new("is not a map or an object")),
        };
        if length > self.rest.len() { Err(ValueError::new("ends too early")) } else { Ok(length) }
    }

    fn key(&mut self) -> Result<&'a str, ValueError> {
        let marker = self.marker()?;
        self.text(marker).map_err(|_| ValueError::new("has a key that is not a string"))
    }

    fn elements(
        &mut self,
        marker: Marker,
        ty: &Type,
        depth: usize,
    ) -> Result<Vec<Raw>, ValueError> {
        (0..self.array_length(marker)?)
            .map(|i| self.value(ty, depth + 1).map_err(|err| err.inside(Step::Index(i))))
            .collect()
    }

    fn tuple(
        &mut self,
        marker: Marker,
        types: &[Type],
        depth: usize,
    ) -> Result<Vec<Raw>, ValueError> {
        if self.array_length(marker)? != types.len() {
            return Err(ValueError::new("has another number of elements than its type"));
        }
        let elements = types.iter().enumerate();
        elements
            .map(|(i, ty)| self.value(ty, depth + 1).map_err(|err| err.inside(Step::Index(i))))
            .collect()
    }

    fn map(
        &mut self,
        marker: Marker,
        ty: &Type,
        depth: usize,
    ) -> Result<BTreeMap<String, Raw>, ValueError> {
        let mut members = BTreeMap::new();
        for _ in 0..self.map_length(marker)? {
            let key = self.key()?;
            let value =
                self.value(ty, depth + 1).map_err(|err| err.inside(Step::Key(key.to_owned())))?;
            if members.insert(key.to_owned(), value).is_some() {
                return Err(ValueError::new("has the same key twice"));
            }
        }
        Ok(members)
    }

    fn object(
        &mut self,
        marker: Marker,
        types: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<BTreeMap<String, Raw>, ValueError> {
        let mut members = BTreeMap::new();
        for _ in 0..self.map_length(marker)? {
            let name = self.key()?;
            let ty =
                types.get(name).ok_or(ValueError::new("has an attribute that its type lacks"))?;
            let value = self
                .value(ty, depth + 1)
                .map_err(|err| err.inside(Step::Attribute(name.to_owned())))?;
            if members.insert(name.to_owned(), value).is_some() {
                return Err(ValueError::new("has the same attribute twice"));
            }
        }
        if members.len() == types.len() {
            Ok(members)
        } else {
            Err(ValueError::new("lacks an attribute of its type"))
        }
    }

    fn dynamic(&mut self, marker: Marker, depth: usize) -> Result<Typed, ValueError> {
        if self.array_length(marker)? != 2 {
            return Err(ValueError::new("is not a type and a value"));
        }
        let marker = self.marker()?;
        let expression = self.raw_bytes(marker)?.ok_or(ValueError::new("has no type"))?;
        let ty = Type::from_json(expression)?;
        if ty == Type::Dynamic {
            return Err(ValueError::new("has no type"));
        }
        let value = self.value(&ty, depth + 1)?;
        Ok(Typed { ty, value })
    }
}

fn float(value: f64) -> Result<Number, ValueError> {
    Number::from_f64(value).ok_or(ValueError::new("is not a number"))
}

/// Writes `value` as one of type `ty`. Fails where the value is not of that type.
///
/// Whole numbers of 64 bits are integers, all others decimal text, which core reads without loss.
pub fn encode(value: &Raw, ty: &Type) -> Result<Vec<u8>, ValueError> {
    let mut bytes = Vec::new();
    encode_value(&mut bytes, value, ty, 0)?;
    Ok(bytes)
}

/// Why writing to memory does not fail.
const IN_MEMORY: &str = "a Vec takes every write";

fn encode_value(out: &mut Vec<u8>, value: &Raw, ty: &Type, depth: usize) -> Result<(), ValueError> {
    if depth > MAX_DEPTH {
        return Err(ValueError::new("is nested too deeply"));
    }
    let data = match value {
        Value::Null => {
            write::write_nil(out).expect(IN_MEMORY);
            return Ok(());
        }
        Value::Unknown => {
            out.extend([Marker::FixExt1.to_u8(), 0, 0]);
            return Ok(());
        }
        Value::Known(data) => data,
    };
    match (data, ty) {
        (Data::String(text), Type::String) => write::write_str(out, text).expect(IN_MEMORY),
        (Data::Bool(value), Type::Bool) => write::write_bool(out, *value).expect(IN_MEMORY),
        (Data::Number(number), Type::Number) => encode_number(out, number),
        (Data::List(elements), Type::List(element)) => {
            encode_elements(out, elements, std::iter::repeat(&**element), depth)?;
        }
        (Data::Set(elements), Type::Set(element)) => {
            encode_elements(out, elements, std::iter::repeat(&**element), depth)?;
        }
        (Data::List(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            encode_elements(out, elements, types.iter(), depth)?;
        }
        (Data::Map(members), Type::Map(element)) => {
            write::write_map_len(out, length(members.len())?).expect(IN_MEMORY);
            for (key, member) in members {
                write::write_str(out, key).expect(IN_MEMORY);
                encode_value(out, member, element, depth + 1)
                    .map_err(|err| err.inside(Step::Key(key.clone())))?;
            }
        }
        (Data::Map(members), Type::Object(types)) if members.len() == types.len() => {
            write::write_map_len(out, length(members.len())?).expect(IN_MEMORY);
            for (name, ty) in types {
                let member =
                    members.get(name).ok_or(ValueError::new("lacks an attribute of its type"))?;
                write::write_str(out, name).expect(IN_MEMORY);
                encode_value(out, member, ty, depth + 1)
                    .map_err(|err| err.inside(Step::Attribute(name.clone())))?;
            }
        }
        (Data::Dynamic(typed), Type::Dynamic) => {
            write::write_array_len(out, 2).expect(IN_MEMORY);
            write::write_bin(out, &typed.ty.to_json()).expect(IN_MEMORY);
            encode_value(out, &typed.value, &typed.ty, depth + 1)?;
        }
        _ => return Err(ValueError::new("is not of the type that its schema says")),
    }
    Ok(())
}

fn length(length: usize) -> Result<u32, ValueError> {
    u32::try_from(length).map_err(|_| ValueError::new("is too long"))
}

fn encode_elements<'a>(
    out: &mut Vec<u8>,
    elements: &[Raw],
    types: impl Iterator<Item = &'a Type>,
    depth: usize,
) -> Result<(), ValueError> {
    write::write_array_len(out, length(elements.len())?).expect(IN_MEMORY);
    for (i, (element, ty)) in elements.iter().zip(types).enumerate() {
        encode_value(out, element, ty, depth + 1).map_err(|err| err.inside(Step::Index(i)))?;
    }
    Ok(())
}

fn encode_number(out: &mut Vec<u8>, number: &Number) {
    if let Some(whole) = number.to_i64() {
        write::write_sint(out, whole).expect(IN_MEMORY);
    } else if let Some(infinity) = number.infinity() {
        write::write_f64(out, infinity).expect(IN_MEMORY);
    } else {
        write::write_str(out, &number.to_string()).expect(IN_MEMORY);
    }
}
