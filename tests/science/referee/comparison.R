# Two samples and pairs: Welch's t, rank sum, paired t, signed rank, one sample against a value. Base R.
source("reading.R")

before <- held("before")$value
after <- held("after")$value

welch <- t.test(before, after)
tell("before_after", "welch_statistic", welch$statistic)
tell("before_after", "welch_p", welch$p.value)
sums <- suppressWarnings(wilcox.test(before, after, exact = FALSE, correct = TRUE))
tell("before_after", "rank_sum_p_normal", sums$p.value)
paired <- t.test(before, after, paired = TRUE)
tell("before_after", "paired_statistic", paired$statistic)
tell("before_after", "paired_p", paired$p.value)
signed <- suppressWarnings(wilcox.test(before, after, paired = TRUE, exact = TRUE))
tell("before_after", "signed_rank_p_exact", signed$p.value)
one <- t.test(before, mu = 6, alternative = "less")
tell("before", "one_sample_statistic", one$statistic)
tell("before", "one_sample_p", one$p.value)
