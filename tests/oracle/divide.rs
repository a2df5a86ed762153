//! Largest remainders.

use crate::model::{Q, q};

pub(crate) fn sum<'a>(amounts: impl IntoIterator<Item = &'a Q>) -> Q {
    amounts.into_iter().fold(q(0), |sum, amount| sum + amount)
}

/// Divides a whole number of fen in proportion to the weights, nowhere more than the most that may go there; what is over
/// goes on in the same proportion among the others. The fen left over go to the largest remainders, ties in order.
pub(crate) fn divide(amount: &Q, weights: &[Q], most: &[Q]) -> Vec<Q> {
    let mut exact: Vec<Option<Q>> = vec![None; weights.len()];
    loop {
        let filled = sum(exact.iter().flatten());
        let open: Vec<usize> = (0..weights.len())
            .filter(|&place| exact[place].is_none())
            .collect();
        let weight = sum(open.iter().map(|&place| &weights[place]));
        if open.is_empty() || weight == q(0) {
            break;
        }
        let rest = amount - filled;
        let share = |place: usize| &rest * &weights[place] / &weight;
        let over: Vec<usize> = open
            .iter()
            .copied()
            .filter(|&place| share(place) > most[place])
            .collect();
        if over.is_empty() {
            for place in open {
                exact[place] = Some(share(place));
            }
            break;
        }
        for place in over {
            exact[place] = Some(most[place].clone());
        }
    }
    let exact: Vec<Q> = exact
        .into_iter()
        .map(|share| share.unwrap_or_else(|| q(0)))
        .collect();
    let mut whole: Vec<Q> = exact.iter().map(Q::floor).collect();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by_key(|&place| (std::cmp::Reverse(&exact[place] - &whole[place]), place));
    let mut left = amount - sum(&whole);
    for place in order {
        if left > q(0) && &whole[place] + q(1) <= most[place] {
            whole[place] += q(1);
            left -= q(1);
        }
    }
    assert_eq!(left, q(0), "{amount} among {weights:?}, at most {most:?}");
    whole
}
