//! Small charts in a line of text: sparklines and bars.

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Blocks that fill zero to seven eighths of a cell.
const BAR_GLYPHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Formats values as a sparkline, relative to the highest. Zero and negative values have the lowest
/// level, values that are not finite are blank.
pub(crate) fn sparkline(values: &[f64]) -> String {
    let max = highest(values);
    let sign = |value: &f64| match value {
        value if !value.is_finite() => ' ',
        value if *value <= 0.0 || max <= 0.0 => LEVELS[0],
        value => {
            let level = (value / max * (LEVELS.len() - 1) as f64).ceil();
            LEVELS[(level as usize).clamp(1, LEVELS.len() - 1)]
        }
    };
    values.iter().map(sign).collect()
}

/// Returns the highest finite value, or 0 if there is none.
pub(crate) fn highest(values: &[f64]) -> f64 {
    let numbers = values.iter().copied().filter(|value| value.is_finite());
    numbers.fold(0.0, f64::max)
}

/// Formats a bar whose length is relative to `max`, which fills `width` cells. Any positive value
/// is visible.
pub(crate) fn bar(value: f64, max: f64, width: usize) -> String {
    if !(value > 0.0 && max > 0.0 && value.is_finite()) {
        return String::new();
    }
    let share = (value / max).min(1.0);
    let eighths = ((share * (width * 8) as f64).round() as usize).max(1);
    format!("{}{}", "█".repeat(eighths / 8), BAR_GLYPHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_match_their_values() {
        assert_eq!(sparkline(&[0.0, 1.0, 4.0, 8.0, -1.0, f64::NAN]), "▁▂▅█▁ ");
        assert_eq!(sparkline(&[0.0, 0.0]), "▁▁");
        assert_eq!(sparkline(&[]), "");
        assert_eq!(bar(8.0, 8.0, 4), "████");
        assert_eq!(bar(3.0, 8.0, 4), "█▌");
        assert_eq!(bar(0.001, 8.0, 4), "▏");
        assert_eq!(bar(9.0, 8.0, 4), "████");
        for nothing in [bar(0.0, 8.0, 4), bar(1.0, 0.0, 4), bar(f64::NAN, 1.0, 4)] {
            assert_eq!(nothing, "");
        }
    }
}
