//! Functions of lists and tuples.

use super::FunctionError;
use super::args::{Args, WHOLE};
use super::function::{DYNAMIC, Function, Returns, SAME, STRINGS, any, list_of_any, list_of_string, number};
use crate::value::convert::{convert, unify};
use crate::value::{Kind, Number, Type, Value};
use std::collections::BTreeSet;

/// The most elements that `range` makes.
const MOST: usize = 1024;
const NUMBERS: Returns = |_| Ok(Type::list(Type::Number));

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chunklist", &[list_of_any("list").inside().marked(), number("size").marked()], DYNAMIC, chunklist),
    Function::new("compact", &[list_of_string("list")], STRINGS, |a| {
        let kept = a.elements(0).iter().filter(|v| v.as_str().is_some_and(|s| !s.is_empty()));
        Ok(Value::list(Type::String, kept.cloned().collect()))
    }),
    Function::new("concat", &[], DYNAMIC, concat).variadic(any("seqs").unknown().marked()),
    Function::new("distinct", &[list_of_any("list")], SAME, |a| {
        let mut seen = BTreeSet::new();
        let kept = a.elements(0).iter().filter(|v| seen.insert(*v)).cloned().collect();
        Ok(relisted(a.value(0), kept))
    }),
    Function::new("element", &[any("list").inside().marked(), number("index")], DYNAMIC, element).nullable(),
    Function::new("flatten", &[any("list").unknown().marked()], DYNAMIC, flatten),
    Function::new("list", &[], DYNAMIC, |_| {
        Err(FunctionError::new(
            "the \"list\" function was deprecated in Terraform v0.12 and is no longer available; \
             use tolist([ ... ]) syntax to write a literal list",
        ))
    })
    .variadic(any("vals").null().unknown()),
    Function::new(
        "matchkeys",
        &[list_of_any("values"), list_of_any("keys"), list_of_any("searchset")],
        SAME,
        matchkeys,
    ),
    Function::new("one", &[any("list").inside()], DYNAMIC, one).nullable(),
    Function::new("range", &[], NUMBERS, range).variadic(number("params")),
    Function::new("reverse", &[any("list").inside().marked()], DYNAMIC, reverse),
    Function::new(
        "slice",
        &[any("list").inside().marked(), number("start_index"), number("end_index")],
        DYNAMIC,
        slice,
    ),
    Function::new("sort", &[list_of_string("list")], STRINGS, |a| {
        let mut sorted = a.elements(0).to_vec();
        if let Some(i) = sorted.iter().position(Value::is_null) {
            let message = format!("given list element {i} is null; a null string cannot be sorted");
            return Err(FunctionError::new(message));
        }
        sorted.sort();
        Ok(Value::list(Type::String, sorted))
    }),
];

fn element_type(list: &Value) -> Type {
    match list.kind() {
        Kind::List(element, _) | Kind::Set(element, _) => element.clone(),
        _ => Type::Dynamic,
    }
}

/// `values` as a list if `like` is a list or set, else as a tuple.
fn relisted(like: &Value, values: Vec<Value>) -> Value {
    match like.kind() {
        Kind::List(element, _) | Kind::Set(element, _) => Value::list(element.clone(), values),
        _ => Value::tuple(values),
    }
}

fn chunklist(a: &Args) -> Result<Value, FunctionError> {
    let list = a.value(0);
    let Some(size) = a.number(1).to_i64() else {
        return Err(FunctionError::new(format!("invalid size: {WHOLE}")));
    };
    let Ok(size) = usize::try_from(size) else {
        return Err(FunctionError::new("the size argument must be positive"));
    };
    let values = a.elements(0);
    let size = if size == 0 { values.len().max(1) } else { size };
    let element = element_type(list);
    let chunks = values.chunks(size).map(|c| Value::list(element.clone(), c.to_vec())).collect();
    let sensitive = list.is_sensitive() || a.value(1).is_sensitive();
    Ok(Value::list(Type::list(element), chunks).mark(sensitive))
}

/// Lists of types that unify give a list, everything else gives a tuple.
fn concat(a: &Args) -> Result<Value, FunctionError> {
    a.room(a.rest(0).iter().map(|v| v.as_elements().map_or(0, <[_]>::len)).sum(), 0)?;
    if a.len() == 0 {
        return Err(FunctionError::new("at least one argument is required"));
    }
    let mut elements = Some(Vec::new());
    let mut unknown = false;
    for (i, seq) in a.rest(0).iter().enumerate() {
        match seq.ty() {
            Type::List(t) => elements = elements.map(|ts| [ts, vec![(*t).clone()]].concat()),
            Type::Tuple(_) => elements = None,
            Type::Dynamic => {}
            other => {
                let message = format!("all arguments must be lists or tuples; got {}", other.friendly());
                return Err(FunctionError::at(i, message));
            }
        }
        unknown |= seq.is_unknown();
    }
    let sensitive = a.rest(0).iter().any(Value::is_sensitive);
    let values = || a.rest(0).iter().flat_map(Value::children).cloned();
    let shared = elements.as_ref().and_then(|ts| unify(ts));
    let result = match shared {
        _ if unknown && a.rest(0).iter().any(|v| v.ty() == Type::Dynamic) => Value::unknown(Type::Dynamic),
        Some(element) if unknown => Value::unknown_not_null(Type::list(element)),
        Some(element) => {
            let converted = values().map(|v| convert(&v, &element)).collect::<Result<Vec<_>, _>>();
            Value::list(element, converted.map_err(|e| FunctionError::new(e.message))?)
        }
        None if unknown => unknown_concat(a),
        None => Value::tuple(values().collect()),
    };
    Ok(result.mark(sensitive))
}

/// The known facts of a tuple when some of its parts are unknown: its length, if those are tuples.
fn unknown_concat(a: &Args) -> Value {
    let mut values = Vec::new();
    for seq in a.rest(0) {
        match seq.kind() {
            Kind::Unknown(u) => match &u.ty {
                Type::Tuple(ts) => values.extend(ts.iter().cloned().map(Value::unknown)),
                _ => return Value::unknown(Type::Dynamic),
            },
            _ => values.extend(seq.children().cloned()),
        }
    }
    Value::tuple(values)
}

fn element(a: &Args) -> Result<Value, FunctionError> {
    let list = a.value(0);
    let Some(index) = a.number(1).to_i64() else {
        return Err(FunctionError::new(format!("invalid index: {WHOLE}")));
    };
    let (Kind::List(_, values) | Kind::Tuple(values)) = list.kind() else {
        return Err(FunctionError::new(format!("cannot read elements from {}", list.ty().friendly())));
    };
    let Ok(index) = usize::try_from(index) else {
        return Err(FunctionError::at(1, "the index must not be less than zero"));
    };
    let found = values.get(index % values.len().max(1));
    let found = found.ok_or_else(|| FunctionError::new("cannot use element function with an empty list"))?;
    Ok(found.clone().mark(list.is_sensitive()))
}

fn flatten(a: &Args) -> Result<Value, FunctionError> {
    let list = a.value(0);
    match list.ty() {
        Type::List(_) | Type::Set(_) | Type::Tuple(_) | Type::Dynamic => {}
        _ => return Err(FunctionError::new("can only flatten lists, sets and tuples")),
    }
    a.budget.look(list.size())?;
    let mut flat = Vec::new();
    let mut sensitive = false;
    Ok(match flatten_into(list, &mut flat, &mut sensitive) {
        true => Value::tuple(flat),
        false => Value::unknown(Type::Dynamic),
    }
    .mark(sensitive))
}

/// False if the number of elements depends on something unknown.
fn flatten_into(list: &Value, flat: &mut Vec<Value>, sensitive: &mut bool) -> bool {
    *sensitive |= list.is_sensitive();
    if list.is_unknown() {
        return false;
    }
    list.children().all(|v| match v.ty() {
        Type::List(_) | Type::Set(_) | Type::Tuple(_) if !v.is_null() => flatten_into(v, flat, sensitive),
        Type::Dynamic if v.is_unknown() => false,
        _ => {
            flat.push(v.clone());
            true
        }
    })
}

fn matchkeys(a: &Args) -> Result<Value, FunctionError> {
    let (values, keys, wanted) = (a.elements(0), a.elements(1), a.elements(2));
    if values.len() != keys.len() {
        return Err(FunctionError::new("length of keys and values should be equal"));
    }
    let types = [element_type(a.value(1)), element_type(a.value(2))];
    let ty = unify(&types).ok_or_else(|| FunctionError::new("keys and searchset must be of the same type"))?;
    let convert_all = |i: usize, vs: &[Value]| {
        vs.iter().map(|v| convert(v, &ty).map_err(|e| FunctionError::at(i, e.message))).collect::<Result<Vec<_>, _>>()
    };
    let (keys, wanted) = (convert_all(1, keys)?, convert_all(2, wanted)?);
    let wanted: BTreeSet<&Value> = wanted.iter().collect();
    let matching = values.iter().zip(&keys).filter(|(_, key)| wanted.contains(key)).map(|(v, _)| v.clone());
    Ok(relisted(a.value(0), matching.collect()))
}

fn one(a: &Args) -> Result<Value, FunctionError> {
    match a.value(0).as_elements() {
        Some([]) => Ok(Value::null(element_type(a.value(0)))),
        Some([only]) => Ok(only.clone()),
        _ => {
            let message = "must be a list, set, or tuple value with either zero or one elements";
            Err(FunctionError::at(0, message))
        }
    }
}

fn range(a: &Args) -> Result<Value, FunctionError> {
    let zero = Number::from(0i64);
    let (start, end) = match a.len() {
        1 => (zero.clone(), a.number(0)),
        2 | 3 => (a.number(0).clone(), a.number(1)),
        _ => return Err(FunctionError::new("must have one, two, or three arguments")),
    };
    let step = match a.len() {
        3 => a.number(2).clone(),
        _ => Number::from(if *end < start { -1i64 } else { 1 }),
    };
    let down = step < zero;
    if down && *end > start {
        return Err(FunctionError::at(0, "end must be less than start when step is negative"));
    }
    if step > zero && *end < start {
        return Err(FunctionError::at(0, "end must be greater than start when step is positive"));
    }
    let mut numbers = Vec::new();
    let mut next = start;
    while if down { next > *end } else { next < *end } {
        if numbers.len() >= MOST {
            return Err(FunctionError::new(format!(
                "more than {MOST} values were generated; \
                 either decrease the difference between start and end or use a smaller step"
            )));
        }
        numbers.push(Value::from(next.clone()));
        next = next.add(&step);
    }
    Ok(Value::list(Type::Number, numbers))
}

fn reverse(a: &Args) -> Result<Value, FunctionError> {
    let list = a.value(0);
    let Some(values) = list.as_elements() else {
        let kind = list.ty().friendly();
        return Err(FunctionError::at(0, format!("can only reverse list or tuple values, not {kind}")));
    };
    Ok(relisted(list, values.iter().rev().cloned().collect()).mark(list.is_sensitive()))
}

fn slice(a: &Args) -> Result<Value, FunctionError> {
    let list = a.value(0);
    let values = match list.kind() {
        Kind::List(_, vs) | Kind::Tuple(vs) => vs,
        Kind::Set(..) => {
            let message = "cannot slice a set, because its elements do not have indices; \
                           explicitly convert to a list if the ordering of the result is not important";
            return Err(FunctionError::at(0, message));
        }
        _ => return Err(FunctionError::at(0, "must be a list or tuple value")),
    };
    let bound = |i: usize, which: &str| {
        let whole = a.number(i).to_i64();
        let whole = whole.ok_or_else(|| FunctionError::at(i, format!("invalid {which} index: {WHOLE}")))?;
        let bound = usize::try_from(whole)
            .map_err(|_| FunctionError::at(i, format!("{which} index must not be less than zero")))?;
        if bound > values.len() {
            let message = format!("{which} index must not be greater than the length of the list");
            return Err(FunctionError::at(i, message));
        }
        Ok(bound)
    };
    let (start, end) = (bound(1, "start")?, bound(2, "end")?);
    let part =
        values.get(start..end).ok_or_else(|| FunctionError::at(1, "start index must not be greater than end index"))?;
    Ok(relisted(list, part.to_vec()).mark(list.is_sensitive()))
}
