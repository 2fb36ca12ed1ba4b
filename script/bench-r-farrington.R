# The flexible Farrington method of R's package surveillance on the counts in
# DIR/counts.csv, a series a column; the last 52 weeks are evaluated. Writes the
# bounds to DIR/bounds.csv and prints the seconds it took: processor, and clock.
# script/bench-farrington runs this and compares.
#
#   Rscript script/bench-r-farrington.R DIR
suppressMessages(library(surveillance))
dir <- commandArgs(trailingOnly = TRUE)[1]
counts <- as.matrix(read.csv(file.path(dir, "counts.csv"), header = FALSE))
weeks <- nrow(counts)
took <- system.time(result <- farringtonFlexible(
	sts(counts, frequency = 52, start = c(2015, 1)),
	control = list(
		range = (weeks - 51):weeks, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26,
		weightsThreshold = 2.58, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.005,
		glmWarnings = FALSE
	)
))
write.table(upperbound(result), file.path(dir, "bounds.csv"), sep = ",", na = "", row.names = FALSE, col.names = FALSE)
cat(took[["user.self"]] + took[["sys.self"]], took[["elapsed"]], "\n")
