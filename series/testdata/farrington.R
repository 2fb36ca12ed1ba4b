# Makes farrington.json: what R's package surveillance says of a few invented
# series, for tests of the modes that reproduce it.
#
#   Rscript farrington.R > farrington.json
suppressMessages(library(surveillance))
set.seed(20261122)

draw <- function(n, freq, level, slope, wave, phi) {
	t <- seq_len(n)
	mu <- exp(level + slope * t + wave * sin(2 * pi * t / freq))
	mu[sample(n, n %/% 40)] <- mu[sample(n, n %/% 40)] * 4
	rnbinom(n, mu = mu, size = mu / (phi - 1))
}
weeks <- draw(290, 52, 2.2, 0.002, 0.4, 2)
gaps <- draw(290, 52, 1.6, 0.003, 0.3, 1.5)
gaps[c(23:30, 77, 150:153)] <- NA
sparse <- draw(290, 52, 0.2, 0, 0.5, 1.3)
months <- draw(90, 12, 4, 0.004, 0.3, 4)
exposure <- round(1000 * exp(0.2 * sin(seq_len(290) / 9)))
monday <- as.numeric(as.Date("2016-01-04") + 7 * 0:289)
first <- as.numeric(seq(as.Date("2015-01-01"), by = "1 month", length.out = 90))

nums <- function(x) paste0("[", paste(ifelse(is.finite(x), format(x, digits = 15, trim = TRUE), "null"), collapse = ","), "]")
days <- function(x) if (is.null(x)) "[]" else paste0("[", paste0('"', as.Date(x, origin = "1970-01-01"), '"', collapse = ","), "]")
text <- function(x) if (is.character(x)) paste0('"', x, '"') else if (length(x) > 1) nums(x) else tolower(format(x, digits = 15))
object <- function(x) paste0("{", paste0('"', names(x), '":', vapply(x, text, ""), collapse = ","), "}")

cases <- character()
case <- function(method, counts, freq, params, range, dates = NULL, population = NULL) {
	x <- if (is.null(dates)) {
		sts(counts, frequency = freq, start = c(2015, 1))
	} else {
		sts(counts, frequency = freq, start = c(2015, 1), epoch = dates, epochAsDate = TRUE)
	}
	if (!is.null(population)) x@populationFrac <- matrix(population)
	if (method == "farrington") {
		p <- sts2disProg(x)
		if (!is.null(dates)) { p$epochAsDate <- TRUE; p$week <- dates }
		r <- suppressWarnings(algo.farrington(p, c(list(range = range), params)))
		out <- list(upperbound = r$upperbound, alarm = r$alarm, trend_used = r$trend)
	} else {
		r <- farringtonFlexible(x, c(list(range = range, glmWarnings = FALSE), params))
		out <- list(upperbound = upperbound(r), alarm = alarms(r), expected = r@control$expected,
			phi = r@control$phiVector, trend_used = r@control$trend, pvalue = r@control$pvalue)
	}
	cases <<- c(cases, sprintf('{"method":"%s","freq":%d,"counts":%s,\n"dates":%s,"population":%s,\n"params":%s,"range":%s,\n"out":{%s}}',
		method, freq, nums(counts), days(dates), if (is.null(population)) "[]" else nums(population),
		object(params), nums(range(range)), paste0('"', names(out), '":', vapply(out, function(v) nums(as.numeric(v)), ""), collapse = ",")))
}
flexible <- function(...) modifyList(list(b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
	weightsThreshold = 2.58, pThresholdTrend = 1, trend = TRUE, alpha = 0.01, limit54 = c(5, 4), powertrans = "2/3",
	populationOffset = FALSE, thresholdMethod = "nbPlugin"), list(...))
original <- function(...) modifyList(list(b = 5, w = 3, reweight = TRUE, alpha = 0.01, trend = TRUE, limit54 = c(5, 4),
	powertrans = "2/3"), list(...))

case("farrington-flexible", weeks, 52, flexible(), 281:290)
case("farrington-flexible", weeks, 52, flexible(thresholdMethod = "muan", pThresholdTrend = 0.05), 281:290)
case("farrington-flexible", weeks, 52, flexible(thresholdMethod = "delta", noPeriods = 1, pastWeeksNotIncluded = 3, weightsThreshold = 1), 281:290)
case("farrington-flexible", weeks, 52, flexible(thresholdMethod = "delta", powertrans = "1/2", populationOffset = TRUE), 281:290, population = exposure)
case("farrington-flexible", gaps, 52, flexible(b = 4), 281:290, dates = monday)
case("farrington-flexible", gaps, 52, flexible(), 285:290, dates = monday)
case("farrington-flexible", sparse, 52, flexible(b = 4, reweight = FALSE), 271:290)
case("farrington-flexible", months, 12, flexible(w = 1, noPeriods = 4, pastWeeksNotIncluded = 3), 81:90, dates = first)
case("farrington", weeks, 52, original(), 281:290)
case("farrington", weeks, 52, original(powertrans = "none", alpha = 0.05), 281:290, dates = monday)
case("farrington", sparse, 52, original(reweight = FALSE, powertrans = "1/2"), 271:290)
case("farrington", months, 12, original(w = 2), 81:90, dates = first)
cat("[", paste(cases, collapse = ",\n"), "]\n", sep = "")
