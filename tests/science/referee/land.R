# Land's exact limit of a lognormal mean (Land 1971): given the sum of squares about theta = mu + sigma^2/2, the cosine r
# has density (1 - r^2)^((n - 3)/2) exp(-r sqrt(n w)/2). Integrated over r by integrate(), solved for theta by uniroot().
source("reading.R")

lower_tail <- function(theta, y, n, s) {
  w <- (n - 1) * s^2 + n * (y - theta)^2
  seen <- sqrt(n) * (y - theta) / sqrt(w)
  steep <- sqrt(n * w) / 2
  # scaled by the density's peak, so that steep ones do not underflow
  peak <- (n - 3 - sqrt((n - 3)^2 + 4 * steep^2)) / (2 * steep)
  logarithm <- function(r) (n - 3) / 2 * log1p(-r^2) - steep * r
  density <- function(r) exp(logarithm(r) - logarithm(peak))
  part <- function(low, high) integrate(density, low, high, rel.tol = 1e-11, subdivisions = 4000)$value
  edges <- sort(unique(pmin(pmax(c(-1, peak - 0.2, peak, peak + 0.2, seen, 1), -1), 1)))
  pieces <- mapply(part, head(edges, -1), tail(edges, -1))
  sum(pieces[tail(edges, -1) <= seen]) / sum(pieces)
}

limit <- function(y, s, n, level) {
  start <- y + s^2 / 2
  uniroot(function(theta) lower_tail(theta, y, n, s) - level, start + c(-1, 12) * s, tol = 1e-13)$root
}

for (set in c("chromium", "spread")) {
  y <- log(held(set)$value)
  tell(set, "land_ucl", exp(limit(mean(y), sd(y), length(y), 0.05)))
}
for (n in c(5, 10, 30)) for (s in c(0.3, 1, 2)) {
  theta <- limit(0, s, n, 0.05)
  tell(sprintf("n%d_s%s", n, s), "land_factor", (theta - s^2 / 2) * sqrt(n - 1) / s)
}
