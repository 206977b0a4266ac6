// Command bare is what the hub's introspection is held against: gin without middleware, a handler that reads the same form and answers
// the same bytes, whatever it was asked.
package main

import (
	"flag"
	"log"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address")
	issuer := flag.String("issuer", "", "issuer of the discovery document")
	file := flag.String("answer", "", "file with the answer")
	flag.Parse()
	body, err := os.ReadFile(*file)
	if err != nil {
		log.Fatal(err)
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.GET("/.well-known/openid-configuration", func(c *gin.Context) {
		c.JSON(http.StatusOK, map[string]any{"issuer": *issuer, "introspection_endpoint": *issuer + "/oauth2/introspect"})
	})
	e.POST("/oauth2/introspect", func(c *gin.Context) {
		if c.PostForm("token") == "" {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Data(http.StatusOK, "application/json", body)
	})
	log.Fatal(http.ListenAndServe(*listen, e))
}
