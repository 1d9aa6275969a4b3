STACK := OpenDevOpsCloudWatchAlarms
