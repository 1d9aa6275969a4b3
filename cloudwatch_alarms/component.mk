STACK := OpenDevOpsCloudWatchAlarms

build/template.yml: alarms.yml dashboard.yml
