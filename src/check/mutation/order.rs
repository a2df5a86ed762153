//! Whether it can matter in which order two steps stand.

use crate::policy::Policy;

/// Whether two policies that differ only in the places of two neighbouring steps settle every bill alike.
pub(super) fn is_equivalent(_old: &Policy, _new: &Policy) -> bool {
    false
}
