# Percentile and BCa limits of the mean by the boot package, 99,999 draws; ours agree within the noise of drawing.
suppressPackageStartupMessages(library(boot))
source("reading.R")

set.seed(20210622)
for (set in c("chromium", "spread")) {
  x <- held(set)$value
  drawn <- boot(x, function(values, places) mean(values[places]), R = 99999)
  found <- boot.ci(drawn, conf = 0.90, type = c("perc", "bca"))
  tell(set, "percentile_ucl", found$percent[5])
  tell(set, "bca_ucl", found$bca[5])
}
