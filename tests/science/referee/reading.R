# What every script shares: the data, and the line a number is told in.
data <- read.csv("data.csv", colClasses = c("character", "numeric", "integer"))

held <- function(set) data[data$set == set, ]

tell <- function(set, quantity, value) cat(sprintf("%s,%s,%.12e\n", set, quantity, as.numeric(value)))
