# Mann-Kendall with ties and continuity correction, written out; tau by cor.test; Sen's slope.
source("reading.R")

for (set in c("series", "before")) {
  x <- held(set)$value
  n <- length(x)
  pairs <- combn(n, 2)
  apart <- x[pairs[2, ]] - x[pairs[1, ]]
  s <- sum(sign(apart))
  ties <- table(x)
  variance <- (n * (n - 1) * (2 * n + 5) - sum(ties * (ties - 1) * (2 * ties + 5))) / 18
  z <- if (s == 0) 0 else (s - sign(s)) / sqrt(variance)
  tell(set, "mann_kendall_s", s)
  tell(set, "mann_kendall_z", z)
  tell(set, "mann_kendall_p", 2 * pnorm(-abs(z)))
  by_r <- suppressWarnings(cor.test(seq_len(n), x, method = "kendall", exact = FALSE, continuity = TRUE))
  tell(set, "kendall_tau", by_r$estimate)
  tell(set, "kendall_p", by_r$p.value)
  tell(set, "sen_slope", median(apart / (pairs[2, ] - pairs[1, ])))
}
