//! A type, or a block of one, as a table. Each row says everything of an attribute once: its name, what it holds,
//! who sets it, and through which calls of the SDK it goes. Reading, the create call and the usual update follow.
//!
//! ```text
//! table! {
//!     Rows: Subnet, create CreateSubnet, modify ModifySubnetAttribute {
//!         vpc_id: Text [.required().force_new()];                      // .vpc_id() and .set_vpc_id()
//!         name = group_name: Text [.required()];                       // .group_name() and .set_group_name()
//!         enable_dns64: Flag [.default(false)], read, modify;          // not in the create call
//!         port: Int, read, create, modify(db_port_number);             // one call names it otherwise
//!         engine_mode: Text, none [.read(|d| mode(d))];                // by hand
//!     }
//! }
//! ```

use super::block::Holds;
use super::spec::A;
use crate::schema::{Attrs, Change};

/// The rows of a type: made by the macro `table!`.
pub trait Table {
    /// An object as AWS lists it.
    type Live: 'static;
    /// The builder of the call that makes an object.
    type Create;
    /// The builder of the call that changes one.
    type Modify;

    /// The rows and how each is read, from anything that holds the object.
    fn rows<L: Holds<Self::Live> + 'static>() -> Vec<A<L>>;
    /// The create call with all rows that go into it.
    fn create(call: Self::Create, want: &Attrs) -> Self::Create;
    /// The modify call with the rows that change; none where nothing of it changes.
    fn modify(call: Self::Modify, change: &mut Change<'_>) -> Option<Self::Modify>;
    /// One call for each row that changes, for an API that takes one attribute at a time.
    fn modify_each(call: impl Fn() -> Self::Modify, change: &mut Change<'_>) -> Vec<Self::Modify>;
}

/// Declares the rows of a type, see the head of this module.
macro_rules! table {
    ($(#[$doc:meta])* $vis:vis $name:ident: $live:ty $(, create $create:ty)? $(, modify $modify:ty)? {
        $($attr:ident $(= $sdk:ident)?: $cell:ty $(, $flow:ident $(($as:ident))?)* $([$($changes:tt)+])*;)*
    }) => {
        $(#[$doc])*
        $vis struct $name;

        #[allow(unused_variables, unused_mut, clippy::let_and_return, clippy::let_unit_value, clippy::unused_unit)]
        impl $crate::resources::table::Table for $name {
            type Live = $live;
            type Create = $crate::resources::table::flow!(@type $($create)?);
            type Modify = $crate::resources::table::flow!(@type $($modify)?);

            fn rows<L: $crate::resources::block::Holds<$live> + 'static>() -> Vec<$crate::resources::spec::A<L>> {
                vec![$(
                    $crate::resources::table::flow!(@read0 L, $cell, ($attr $(= $sdk)?), [$($flow $(($as))?)*]) $($($changes)+)*
                ),*]
            }

            fn create(call: Self::Create, want: &$crate::schema::Attrs) -> Self::Create {
                $(let call = $crate::resources::table::flow!(@create0 call, want, $cell, ($attr $(= $sdk)?), [$($flow $(($as))?)*]);)*
                call
            }

            fn modify(call: Self::Modify, change: &mut $crate::schema::Change<'_>) -> Option<Self::Modify> {
                let mut sent = false;
                $(let call = $crate::resources::table::flow!(@modify0 call, change, sent, $cell, ($attr $(= $sdk)?), [$($flow $(($as))?)*]);)*
                sent.then_some(call)
            }

            fn modify_each(
                call: impl Fn() -> Self::Modify,
                change: &mut $crate::schema::Change<'_>,
            ) -> Vec<Self::Modify> {
                let mut calls = Vec::new();
                $({
                    let mut sent = false;
                    let one = call();
                    let one = $crate::resources::table::flow!(@modify0 one, change, sent, $cell, ($attr $(= $sdk)?), [$($flow $(($as))?)*]);
                    calls.extend(sent.then_some(one));
                })*
                calls
            }
        }
    };
}
pub(super) use table;

/// One row's part in one of the functions of a table. A row without words goes through `read` and `create`.
macro_rules! flow {
    (@type) => { () };
    (@type $type:ty) => { $type };

    (@read0 $l:ident, $cell:ty, ($attr:ident), $flows:tt) => {
        $crate::resources::table::flow!(@read0 $l, $cell, ($attr = $attr), $flows)
    };
    (@read0 $l:ident, $cell:ty, ($attr:ident = $sdk:ident), []) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, [read])
    };
    (@read0 $l:ident, $cell:ty, ($attr:ident = $sdk:ident), $flows:tt) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, $flows)
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [read ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $as, [read])
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [read $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, []).read(|live: &$l| {
            <$cell as $crate::resources::block::Get<_>>::get($crate::resources::block::Holds::held(live).$sdk())
        })
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, []) => {
        <$cell as $crate::resources::block::Cell>::column::<$l>($crate::resources::block::name(stringify!($attr)))
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [create ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, [$($rest)*])
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [create $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, [$($rest)*])
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [modify ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, [$($rest)*])
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [modify $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, [$($rest)*])
    };
    (@read $l:ident, $cell:ty, $attr:ident, $sdk:ident, [none $($rest:tt)*]) => {
        $crate::resources::table::flow!(@read $l, $cell, $attr, $sdk, [$($rest)*])
    };

    (@create0 $call:ident, $want:ident, $cell:ty, ($attr:ident), $flows:tt) => {
        $crate::resources::table::flow!(@create0 $call, $want, $cell, ($attr = $attr), $flows)
    };
    (@create0 $call:ident, $want:ident, $cell:ty, ($attr:ident = $sdk:ident), []) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, [create])
    };
    (@create0 $call:ident, $want:ident, $cell:ty, ($attr:ident = $sdk:ident), $flows:tt) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, $flows)
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [create ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $as, [create])
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [create $($rest:tt)*]) => {
        $crate::resources::table::flow!(@set $call, $want, $cell, $attr, $sdk)
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, []) => { $call };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [read ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, [$($rest)*])
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [read $($rest:tt)*]) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, [$($rest)*])
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [modify ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, [$($rest)*])
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [modify $($rest:tt)*]) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, [$($rest)*])
    };
    (@create $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident, [none $($rest:tt)*]) => {
        $crate::resources::table::flow!(@create $call, $want, $cell, $attr, $sdk, [$($rest)*])
    };

    (@modify0 $call:ident, $change:ident, $sent:ident, $cell:ty, ($attr:ident), $flows:tt) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $attr, $flows)
    };
    (@modify0 $call:ident, $change:ident, $sent:ident, $cell:ty, ($attr:ident = $sdk:ident), $flows:tt) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $sdk, $flows)
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [modify ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $as, [modify])
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [modify $($rest:tt)*]) => {
        if $change.take($crate::resources::block::name(stringify!($attr))).is_some() {
            $sent = true;
            let after = $change.after;
            $crate::resources::table::flow!(@set $call, after, $cell, $attr, $sdk)
        } else {
            $call
        }
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, []) => { $call };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [read ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $sdk, [$($rest)*])
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [read $($rest:tt)*]) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $sdk, [$($rest)*])
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [create ($as:ident) $($rest:tt)*]) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $sdk, [$($rest)*])
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [create $($rest:tt)*]) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $sdk, [$($rest)*])
    };
    (@modify $call:ident, $change:ident, $sent:ident, $cell:ty, $attr:ident, $sdk:ident, [none $($rest:tt)*]) => {
        $crate::resources::table::flow!(@modify $call, $change, $sent, $cell, $attr, $sdk, [$($rest)*])
    };

    (@set $call:ident, $want:ident, $cell:ty, $attr:ident, $sdk:ident) => {
        pastey::paste! {
            $call.[<set_ $sdk>](<$cell as $crate::resources::block::Put<_>>::put(
                $want,
                $crate::resources::block::name(stringify!($attr)),
            ))
        }
    };
}
pub(super) use flow;
