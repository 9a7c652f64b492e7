# Ordinary kriging of zinc at the Meuse by gstat: two places with all points, one with the 32 nearest, cross-validation.
suppressPackageStartupMessages({
  library(sp)
  library(gstat)
})
source("reading.R")

meuse <- read.csv("../meuse_zinc.csv")
coordinates(meuse) <- ~ x + y
model <- vgm(psill = 134000, model = "Sph", range = 800, nugget = 24200)
asked <- data.frame(x = c(181170, 178673), y = c(333250, 330066))
coordinates(asked) <- ~ x + y

all <- krige(Zn_mg_kg ~ 1, meuse, asked, model = model, debug.level = 0)
near <- krige(Zn_mg_kg ~ 1, meuse, asked, model = model, nmax = 32, debug.level = 0)
for (at in 1:2) {
  set <- sprintf("place%d", at)
  tell(set, "kriged", all$var1.pred[at])
  tell(set, "kriged_variance", all$var1.var[at])
  tell(set, "kriged_of_32", near$var1.pred[at])
  tell(set, "kriged_of_32_variance", near$var1.var[at])
}
left_out <- krige.cv(Zn_mg_kg ~ 1, meuse, model = model, nfold = nrow(meuse), verbose = FALSE, debug.level = 0)
tell("meuse", "left_out_mean_error", mean(left_out$residual))
tell("meuse", "left_out_rmse", sqrt(mean(left_out$residual^2)))
tell("meuse", "left_out_msdr", mean(left_out$zscore^2))

counted <- variogram(log(Zn_mg_kg) ~ 1, meuse)
for (at in c(1, 2, 15)) {
  set <- sprintf("lag%d", at)
  tell(set, "pairs", counted$np[at])
  tell(set, "lag_m", counted$dist[at])
  tell(set, "semivariance", counted$gamma[at])
}
