//! All contenders give the same to the fen.

#[test]
fn all_contenders_give_the_same() {
    assert_eq!(opponents::check::all(60), Ok(960));
}
