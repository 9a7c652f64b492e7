# Samples with non-detects: Kaplan-Meier by the survival package on the mirrored sample (left-censored becomes
# right-censored), lognormal fit by survreg, gamma fit by fitdistrplus.
suppressPackageStartupMessages({
  library(survival)
  library(fitdistrplus)
})
source("reading.R")

for (set in c("lead", "hidden")) {
  sample <- held(set)
  mirror <- max(sample$value) + 1
  lived <- mirror - sample$value
  fit <- survfit(Surv(lived, sample$detected) ~ 1)
  # what lies below the smallest detected content is counted at that content, as Beal 2010 and EPA do
  table <- summary(fit, rmean = mirror - min(sample$value[sample$detected == 1]))$table
  tell(set, "km_mean", mirror - table[["rmean"]])
  tell(set, "km_error_uncorrected", table[["se(rmean)"]])
  steps <- summary(fit)
  tell(set, "km_share_below_second", rev(steps$surv)[2])

  normal <- survreg(Surv(log(sample$value), sample$detected, type = "left") ~ 1, dist = "gaussian",
                    control = survreg.control(rel.tolerance = 1e-12, maxiter = 200))
  tell(set, "lognormal_log_mean", coef(normal))
  tell(set, "lognormal_log_sd", normal$scale)
  var <- vcov(normal)
  slope <- c(1, normal$scale^2)
  tell(set, "lognormal_log_of_mean_error", sqrt(t(slope) %*% var %*% slope))

  # fitdistrplus stops early where the likelihood is flat; its answer is the start of a finer search
  frame <- data.frame(left = ifelse(sample$detected == 1, sample$value, NA), right = sample$value)
  coarse <- fitdistcens(frame, "gamma", start = list(shape = 0.5, rate = 0.5 / mean(sample$value)),
                        lower = c(1e-6, 1e-9))$estimate
  seen <- sample$value[sample$detected == 1]
  limits <- sample$value[sample$detected == 0]
  loss <- function(place) {
    shape <- exp(place[1])
    rate <- exp(place[2])
    -sum(dgamma(seen, shape, rate, log = TRUE)) - sum(pgamma(limits, shape, rate, log.p = TRUE))
  }
  found <- log(coarse)
  for (again in 1:3) found <- optim(found, loss, control = list(reltol = 1e-15, maxit = 20000))$par
  tell(set, "gamma_shape", exp(found[1]))
  tell(set, "gamma_mean", exp(found[1] - found[2]))
}
