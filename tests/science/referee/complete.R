# Complete samples: limits of the mean, tests of fit, limits of a background, Grubbs' test. Base R and nortest.
suppressPackageStartupMessages(library(nortest))
source("reading.R")

for (set in c("chromium", "spread")) {
  x <- held(set)$value
  n <- length(x)
  one_sided <- t.test(x, alternative = "less", conf.level = 0.95)$conf.int[2]
  tell(set, "student_ucl", one_sided)
  tell(set, "lognormal_log_mean", mean(log(x)))
  tell(set, "shapiro_statistic", unname(shapiro.test(x)$statistic))
  tell(set, "shapiro_p", shapiro.test(x)$p.value)
  tell(set, "shapiro_log_statistic", unname(shapiro.test(log(x))$statistic))
  tell(set, "lilliefors_statistic", unname(lillie.test(x)$statistic))
  tell(set, "lilliefors_p", lillie.test(x)$p.value)
  tell(set, "lilliefors_log_statistic", unname(lillie.test(log(x))$statistic))
  tell(set, "lilliefors_log_p", lillie.test(log(x))$p.value)

  shape <- uniroot(function(k) log(k) - digamma(k) - (log(mean(x)) - mean(log(x))), c(1e-3, 1e3), tol = 1e-14)$root
  corrected <- (n - 3) * shape / n + 2 / (3 * n)
  tell(set, "gamma_shape", shape)
  tell(set, "gamma_ucl", 2 * n * corrected * mean(x) / qchisq(0.05, 2 * n * corrected))

  factor <- qt(0.95, n - 1, ncp = qnorm(0.95) * sqrt(n)) / sqrt(n)
  tell(set, "tolerance_limit", mean(x) + factor * sd(x))
  ahead <- predict(lm(x ~ 1), newdata = data.frame(none = 1), interval = "prediction", level = 0.90)
  tell(set, "prediction_limit", ahead[, "upr"])

  tell(set, "grubbs_statistic", max(abs(x - mean(x))) / sd(x))
  t2 <- qt(0.05 / (2 * n), n - 2)^2
  tell(set, "grubbs_critical", (n - 1) / sqrt(n) * sqrt(t2 / (n - 2 + t2)))
}
