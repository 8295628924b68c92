package main

//go:generate go run github.com/apionboard/ngapi/internal/tools/gendocs -out ../..
