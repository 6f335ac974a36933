//! Signs: most rules need a character that nearly no text holds, and ask for it first.

/// Which of the characters that rules ask for a text holds, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u32);

/// The characters rules ask for.
const ASKED: &[u8] = b"?[<{$%:-#@XY";
/// The bit of any digit.
const DIGIT: u32 = 1 << 30;
/// The bit of anything that is not ASCII.
const OTHER: u32 = 1 << 31;

/// Digits.
pub const DIGITS: Signs = Signs(DIGIT);
/// What is not ASCII.
pub const OTHERS: Signs = Signs(OTHER);

const BITS: [u32; 256] = {
    let mut bits = [0; 256];
    let mut at = 0;
    while at < ASKED.len() {
        bits[ASKED[at] as usize] = 1 << at;
        at += 1;
    }
    at = 0;
    while at < 256 {
        if (at as u8).is_ascii_digit() {
            bits[at] = DIGIT;
        } else if at >= 128 {
            bits[at] = OTHER;
        }
        at += 1;
    }
    bits
};

impl Signs {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |signs, byte| signs | BITS[byte as usize]))
    }

    /// Some of those that rules ask for.
    pub const fn these(asked: &[u8]) -> Self {
        let mut signs = 0;
        let mut at = 0;
        while at < asked.len() {
            assert!(BITS[asked[at] as usize] != 0, "a rule may ask for what is looked for only");
            signs |= BITS[asked[at] as usize];
            at += 1;
        }
        Self(signs)
    }

    /// Both.
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether one of some others is among them.
    pub const fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}
