//! Sine and cosine in integers.

/// Pi / 180,000,000 in parts of 2^80.
const RADIANS_PER_E6: i128 = 21_099_735_964_646_325;
const QUARTER: i64 = 90_000_000;

/// Sine and cosine of an angle in 10^-6 degrees, in parts of 2^30 and right to the last of them. The angle is
/// within some turns of zero.
pub(super) fn sin_cos(angle_e6: i64) -> (i64, i64) {
    let within = angle_e6.rem_euclid(QUARTER);
    let (sin, cos) = if within <= QUARTER / 2 {
        series(within)
    } else {
        let (sin, cos) = series(QUARTER - within);
        (cos, sin)
    };
    match angle_e6.div_euclid(QUARTER).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Taylor's series for 0 to 45 degrees.
fn series(angle_e6: i64) -> (i64, i64) {
    // Parts of 2^60.
    let x = (i128::from(angle_e6) * RADIANS_PER_E6) >> 20;
    let square = (x * x) >> 60;
    let sum = |first: i128, mut degree: i128| {
        let (mut term, mut total) = (first, first);
        while term != 0 {
            term = -((term * square) >> 60) / ((degree + 1) * (degree + 2));
            total += term;
            degree += 2;
        }
        // At most 2^60 before the shift.
        ((total + (1 << 29)) >> 30) as i64
    };
    (sum(x, 1), sum(1 << 60, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_those_of_the_standard_library() {
        for degrees in -720..=720 {
            let (sin, cos) = sin_cos(degrees * 1_000_000);
            // Whole degrees, exactly.
            let (fsin, fcos) = (degrees as f64).to_radians().sin_cos();
            let one = (1_i64 << 30) as f64;
            assert!((sin as f64 - fsin * one).abs() < 1.0, "sin {degrees}");
            assert!((cos as f64 - fcos * one).abs() < 1.0, "cos {degrees}");
        }
    }
}
