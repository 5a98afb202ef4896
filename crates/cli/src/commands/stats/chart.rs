//! Charts as SVG. The colors are placeholders: the style sheet of the page replaces each of them by
//! one color for light mode and one for dark mode.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// Color of texts and axes.
const TEXT_COLOR: RGBColor = RGBColor(1, 1, 1);
/// Color of grid lines.
const GRID: RGBColor = RGBColor(2, 2, 2);
/// Color of open or added records.
const FIRST: RGBColor = RGBColor(3, 3, 3);
/// Color of closed records.
const SECOND: RGBColor = RGBColor(4, 4, 4);

/// The variables of the style sheet for these colors.
pub(super) const COLORS: [(&str, &str); 4] = [
    ("#010101", "--ink"),
    ("#020202", "--grid"),
    ("#030303", "--first"),
    ("#040404", "--second"),
];

const SIZE: (u32, u32) = (640, 220);
const FONT: &str = "sans-serif";

/// The values of a chart: for each position a label and one or two values.
pub(super) struct ChartValues {
    /// Labels below the chart.
    pub(super) labels: Vec<String>,
    /// First values.
    pub(super) first: Vec<u64>,
    /// Second values, drawn beside the first ones.
    pub(super) second: Option<Vec<u64>>,
}

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type DrawResult = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Returns the upper end of the axis: a round number that is at least the highest value.
fn max_value(values: &ChartValues) -> f64 {
    let second = values.second.iter().flatten();
    let max = values.first.iter().chain(second).copied().max();
    let max = max.unwrap_or_default().max(4) as f64;
    let step = 10f64.powf(max.log10().floor()) / 2.0;
    (max / step).ceil() * step
}

/// Draws the number of open records over time.
pub(super) fn level_chart(values: &ChartValues) -> String {
    render_svg(values, |chart| {
        let points = || {
            let values = values.first.iter().zip(0..);
            values.map(|(value, at)| (f64::from(at), *value as f64))
        };
        chart.draw_series(AreaSeries::new(points(), 0.0, FIRST.mix(0.18)))?;
        chart.draw_series(LineSeries::new(points(), FIRST.stroke_width(2)))?;
        if let Some(last) = points().last() {
            chart.draw_series([Circle::new(last, 3, FIRST.filled())])?;
        }
        Ok(())
    })
}

/// Draws two bars for each position.
pub(super) fn paired_bar_chart(values: &ChartValues) -> String {
    render_svg(values, |chart| {
        let bars = |values: &[u64], color: RGBColor, from: f64, until: f64| {
            let bars = values.iter().zip(0..).map(move |(value, at)| {
                let at = f64::from(at);
                let corners = [(at + from, 0.0), (at + until, *value as f64)];
                Rectangle::new(corners, color.filled())
            });
            bars.collect::<Vec<_>>()
        };
        chart.draw_series(bars(&values.first, FIRST, -0.38, -0.02))?;
        let second = values.second.as_deref().unwrap_or_default();
        chart.draw_series(bars(second, SECOND, 0.02, 0.38))?;
        Ok(())
    })
}

/// Draws the axes and the content. Returns an empty string on errors: the page also shows the
/// numbers as a table.
fn render_svg(values: &ChartValues, draw: impl Fn(&mut Chart<'_, '_>) -> DrawResult) -> String {
    let mut svg = String::new();
    let done = draw_axes(&mut svg, values, draw);
    match done {
        Ok(()) => svg,
        Err(_) => String::new(),
    }
}

fn draw_axes(
    svg: &mut String,
    values: &ChartValues,
    draw: impl Fn(&mut Chart<'_, '_>) -> DrawResult,
) -> DrawResult {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let places = values.labels.len() as f64;
    let mut chart = ChartBuilder::on(&area)
        .margin(6)
        .margin_right(18)
        .x_label_area_size(24)
        .y_label_area_size(46)
        .build_cartesian_2d(-0.5..(places - 0.5).max(0.5), 0.0..max_value(values))?;
    let style = (FONT, 12).into_font().color(&TEXT_COLOR);
    let name = |at: &f64| {
        let is_place = (at - at.round()).abs() < 1e-6 && *at > -0.5;
        let name = is_place
            .then(|| values.labels.get(at.round() as usize))
            .flatten();
        name.cloned().unwrap_or_default()
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(GRID)
        .x_labels(8)
        .y_labels(5)
        .x_label_formatter(&name)
        .y_label_formatter(&|value| group_digits(*value as u64))
        .label_style(style)
        .draw()?;
    draw(&mut chart)?;
    area.present()
}

/// Formats a number with separators: `12,345`.
pub(super) fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_come_from_the_page() {
        let values = |count: u64| ChartValues {
            labels: (0..count).map(|n| format!("day {n}")).collect(),
            first: (0..count).collect(),
            second: Some((0..count).rev().collect()),
        };
        for count in [0, 1, 2, 26, 400] {
            for svg in [
                level_chart(&values(count)),
                paired_bar_chart(&values(count)),
            ] {
                assert!(svg.starts_with("<svg"), "{svg}");
                let known = COLORS.map(|(color, _)| color);
                for (at, _) in svg.match_indices("=\"#") {
                    let color = &svg[at + 2..at + 9];
                    assert!(known.contains(&color), "{color}");
                }
            }
        }
    }

    #[test]
    fn the_axis_ends_at_a_round_number() {
        let axis_end = |value| {
            max_value(&ChartValues {
                labels: Vec::new(),
                first: vec![value],
                second: None,
            })
        };
        assert_eq!(
            [0, 5, 12, 99, 4_321].map(axis_end),
            [4.0, 5.0, 15.0, 100.0, 4_500.0]
        );
        assert_eq!(group_digits(0), "0");
        assert_eq!(group_digits(1_234_567), "1,234,567");
    }
}
