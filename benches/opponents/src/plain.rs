//! The largest remainder, said plainly.

/// Divides `amount` among the weights, of which `whole` is the sum: shares are rounded down, and the odd fen go to the
/// largest remainders, ties to the first.
pub fn largest_remainder(amount: i64, whole: i64, weights: &[i64], shares: &mut [i64]) {
    let (amount, whole) = (i128::from(amount), i128::from(whole));
    let mut remainders = Vec::new();
    let mut odd = amount;
    for (place, (&weight, share)) in weights.iter().zip(&mut *shares).enumerate() {
        let product = amount * i128::from(weight);
        odd -= product / whole;
        *share = i64::try_from(product / whole).expect("a share is at most its weight");
        remainders.push((product % whole, place));
    }
    remainders.sort_by_key(|&(remainder, place)| (std::cmp::Reverse(remainder), place));
    let odd = usize::try_from(odd).expect("fewer odd fen than shares");
    for &(_, place) in &remainders[..odd] {
        shares[place] += 1;
    }
}
